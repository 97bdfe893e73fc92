import icon from '../icon.svg'
import classes from './shell.module.css'

export const Logo = () => (
  <span className={classes.logo}>
    <img src={icon} alt="" width={24} height={24} />
    <span>Yeyak</span>
    <span lang="ko" className={classes.logoKorean}>
      예약
    </span>
  </span>
)
